// A client sent "message": every client of the namespace gets it.
module.exports = async (context, request) => {
    context.bindings.actions = {
        actionName: "sendToNamespace",
        eventName: "message",
        parameters: request.parameters,
    };
};
