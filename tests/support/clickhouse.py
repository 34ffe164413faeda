"""ClickHouse's HTTP interface over its real engine (`chdb`): it runs the very statement and body that it is sent.

What is here and not in the engine is what a server has around it: who may come in, settings as parameters of the
address, a gzipped body, an error's code in a header. `POST /hang-up` lets it run the next statement and hang up without
an answer. Prints its port, and ends with its standard input.
"""

import gzip
import re
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl, urlsplit

from chdb import session

USER, PASSWORD = "writer", "writers-secret"

# Parameters of the interface that are no settings of the engine.
OF_THE_INTERFACE = {"query", "wait_end_of_query"}

# The statuses of HTTPHandler.cpp (exceptionCodeToHTTPStatus), as far as the tests meet them.
FORBIDDEN, NOT_FOUND, BAD_REQUEST = {192, 193, 194, 516}, {60, 81}, {6, 27, 38, 41, 53, 70, 72, 117}


def status_of(code):
    for status, codes in ((403, FORBIDDEN), (404, NOT_FOUND), (400, BAD_REQUEST)):
        if code in codes:
            return status
    return 500


class Interface(BaseHTTPRequestHandler):
    hangs_up = False

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.path == "/hang-up":
            Interface.hangs_up = True
            return self.answer(200, "")
        if self.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        who = (self.headers.get("x-clickhouse-user"), self.headers.get("x-clickhouse-key"))
        if who != (USER, PASSWORD):
            return self.refuse(516, "Authentication failed")
        parameters = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        statement = "\n".join(filter(None, [parameters.get("query"), body.decode()]))
        settings = {name: value for name, value in parameters.items() if name not in OF_THE_INTERFACE}
        try:
            for name, value in settings.items():
                ENGINE.query(f"SET {name} = '{value}'")
            rows = str(ENGINE.query(statement, "TabSeparated"))
        except Exception as error:
            code = re.search(r"Code: (\d+)", str(error))
            return self.refuse(int(code.group(1)) if code else 1002, str(error))
        finally:
            for name in settings:
                ENGINE.query(f"SET {name} = DEFAULT")
        if Interface.hangs_up:
            Interface.hangs_up = False
            return self.connection.close()
        self.answer(200, rows)

    def refuse(self, code, why):
        self.answer(status_of(code), why, code)

    def answer(self, status, text, code=None):
        self.send_response(status)
        if code is not None:
            self.send_header("x-clickhouse-exception-code", str(code))
        self.send_header("content-length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


def end_with_input(server):
    sys.stdin.read()
    server.shutdown()


with tempfile.TemporaryDirectory() as folder:
    ENGINE = session.Session(folder)
    server = HTTPServer(("127.0.0.1", 0), Interface)
    print(server.server_port, flush=True)
    threading.Thread(target=end_with_input, args=[server], daemon=True).start()
    server.serve_forever()
    ENGINE.close()
