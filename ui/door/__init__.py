"""What stands between the network and the page, one file an idea; `entrance.door` puts them in order."""
