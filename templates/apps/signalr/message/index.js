// A client called "message": every client of the hub gets it.
module.exports = async (context) => {
    context.bindings.actions = { target: "message", arguments: [context.bindingData.text] };
};
