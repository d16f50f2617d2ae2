"""The tools for MCP clients: `recpilot mcp` serves them over stdio, or over HTTP on this machine."""
