// mocha 12 ignores unhandled rejections, which would hide a mock or an apply that throws inside a component.
process.on("unhandledRejection", (reason) => {
    throw reason;
});
