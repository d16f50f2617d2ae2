"""An OpenAI-compatible server process over the tiny model that honours tools, tool_choice and response_format.

Run: python grammar_server.py MODEL_FOLDER PORT. A key other than `secret` under the path `/locked/v1` is refused; the
model `slow` takes its time; the model `plain` refuses `response_format`, `stubborn` ignores it.
"""

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import torch
from langchain_core.messages import AIMessageChunk, convert_to_messages

from agent.llm.transformers_chat import TransformersChat

MODELS = ("tiny", "slow", "plain", "stubborn", "thinker")


class Handler(BaseHTTPRequestHandler):
    chat: TransformersChat

    def do_GET(self):
        if self.path in ("/v1/models", "/locked/v1/models"):
            return self.refuse_key() or self.reply({"object": "list", "data": [{"id": name} for name in MODELS]})
        if self.path == "/one/v1/models":
            return self.reply({"object": "list", "data": [{"id": "tiny"}]})
        return self.reply({"error": {"message": "no such path"}}, 404)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
        if not self.path.endswith("/v1/chat/completions"):
            return self.reply({"error": {"message": "no such path"}}, 404)
        if self.refuse_key():
            return None
        name = body.get("model")
        if name not in MODELS:
            return self.reply({"error": {"message": f"model '{name}' not found", "code": "model_not_found"}}, 404)
        if name == "plain" and "response_format" in body:
            return self.reply({"error": {"message": "response_format is not supported"}}, 400)
        if name == "slow":
            time.sleep(1.5)
        return self.stream(body)

    def refuse_key(self):
        if self.path.startswith("/locked") and self.headers.get("Authorization") != "Bearer secret":
            self.reply({"error": {"message": "Incorrect API key provided: ****"}}, 401)
            return True
        return False

    def stream(self, body):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        if body["model"] == "thinker":
            for text in ("<thi", "nk>let me", " see</th", "ink>it is ", "forty-two"):
                self.event(body, {"content": text})
        else:
            fixed = body["model"] in ("plain", "stubborn")
            chunks = [self.ask(body)] if fixed else self.model(body).stream(convert_to_messages(body["messages"]))
            for chunk in chunks:
                calls = [
                    {"index": c["index"], "id": c["id"], "type": "function"}
                    | {"function": {"name": c["name"], "arguments": c["args"]}}
                    for c in chunk.tool_call_chunks
                ]
                self.event(body, {"content": chunk.text} | ({"tool_calls": calls} if calls else {}))
        self.event(body, {}, "stop")
        self.wfile.write(b"data: [DONE]\n\n")

    def event(self, body, delta, finish_reason=None):
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        chunk = {
            "id": "1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": body["model"],
            "choices": [choice],
        }
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.flush()

    def ask(self, body):
        """What `plain` and `stubborn` say."""
        fixed = "breaks the schema" in body["messages"][-1]["content"]
        return AIMessageChunk('Here it is: ```json\n{"n": 7}\n```' if fixed else '{"n": 700}')

    def model(self, body):
        torch.manual_seed(len(json.dumps(body["messages"])))  # the same question, the same answer
        options = {"max_new_tokens": body.get("max_tokens") or 1024, "temperature": body.get("temperature", 1.0)}
        if "response_format" in body:
            return self.chat.bind(json_schema=body["response_format"]["json_schema"]["schema"], **options)
        if "tools" in body:
            return self.chat.bind_tools(body["tools"], tool_choice=body.get("tool_choice"), **options)
        return self.chat.bind(**options)

    def reply(self, body, status=200):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_): ...


if __name__ == "__main__":
    Handler.chat = TransformersChat.load(sys.argv[1], device="cpu")
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()
