module.exports = async (_context, _req, connection) => ({ body: connection });
