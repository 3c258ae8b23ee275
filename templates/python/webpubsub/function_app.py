import json
from pathlib import Path

import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@app.route(methods=["GET"])
def index(req: func.HttpRequest) -> func.HttpResponse:
    page = Path(__file__).with_name("page.html").read_text(encoding="utf-8")
    return func.HttpResponse(page, mimetype="text/html")


@app.route(methods=["GET", "POST"])
@app.generic_input_binding(arg_name="connection", type="webPubSubConnection", hub="%WebPubSubHub%")
def negotiate(req: func.HttpRequest, connection: str) -> func.HttpResponse:
    return func.HttpResponse(connection, mimetype="application/json")


# A client sent a text: every client of the hub gets it.
@app.generic_trigger(arg_name="request", type="webPubSubTrigger", hub="%WebPubSubHub%", eventType="user", eventName="message")
@app.generic_output_binding(arg_name="actions", type="webPubSub", hub="%WebPubSubHub%")
def message(request: str, actions: func.Out[str]) -> None:
    text = json.loads(request)["data"]
    actions.set(json.dumps({"actionName": "sendToAll", "data": text, "dataType": "text"}))
