// A client sent a text: every client of the hub gets it.
module.exports = async (context, request) => {
    context.bindings.actions = { actionName: "sendToAll", data: request.data, dataType: "text" };
};
