import json
from pathlib import Path

import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@app.route(methods=["GET"])
def index(req: func.HttpRequest) -> func.HttpResponse:
    page = Path(__file__).with_name("page.html").read_text(encoding="utf-8")
    return func.HttpResponse(page, mimetype="text/html")


@app.route(methods=["GET", "POST"])
@app.generic_input_binding(arg_name="connection", type="socketionegotiation", hub="%WebPubSubForSocketIOHub%")
def negotiate(req: func.HttpRequest, connection: str) -> func.HttpResponse:
    return func.HttpResponse(connection, mimetype="application/json")


# A client sent "message": every client of the namespace gets it.
@app.generic_trigger(arg_name="request", type="socketiotrigger", data_type="string", hub="%WebPubSubForSocketIOHub%", eventName="message")
@app.generic_output_binding(arg_name="actions", type="socketio", data_type="string", hub="%WebPubSubForSocketIOHub%")
def message(request: str, actions: func.Out[str]) -> None:
    parameters = json.loads(request)["parameters"]
    actions.set(json.dumps({"actionName": "sendToNamespace", "eventName": "message", "parameters": parameters}))
