// mocha 12 swallows unhandled rejections, and with them a mock or an apply that throws inside a component.
process.on("unhandledRejection", (reason) => {
    throw reason;
});
