import json
from pathlib import Path

import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@app.route(methods=["GET"])
def index(req: func.HttpRequest) -> func.HttpResponse:
    page = Path(__file__).with_name("page.html").read_text(encoding="utf-8")
    return func.HttpResponse(page, mimetype="text/html")


@app.route(methods=["GET", "POST"])
@app.generic_input_binding(arg_name="connection", type="signalRConnectionInfo", hubName="%AzureSignalRHub%")
def negotiate(req: func.HttpRequest, connection: str) -> func.HttpResponse:
    return func.HttpResponse(connection, mimetype="application/json")


# A client called "message": every client of the hub gets it.
@app.generic_trigger(arg_name="invocation", type="signalRTrigger", hubName="%AzureSignalRHub%", category="messages", event="message")
@app.generic_output_binding(arg_name="actions", type="signalR", hubName="%AzureSignalRHub%")
def message(invocation: str, actions: func.Out[str]) -> None:
    arguments = json.loads(invocation)["Arguments"]
    actions.set(json.dumps({"target": "message", "arguments": arguments}))
