// Loaded with --require: the clock jumps by FAULT_JUMP milliseconds, FAULT_AFTER milliseconds after the start.
const { FAULT_JUMP = "0", FAULT_AFTER = "0" } = process.env;
const realNow = Date.now;
const began = realNow();
const now = () => realNow() + (realNow() - began >= Number(FAULT_AFTER) ? Number(FAULT_JUMP) : 0);

global.Date = class extends Date {
    constructor(...args) {
        super(...(args.length === 0 ? [now()] : args));
    }

    static now() {
        return now();
    }
};
