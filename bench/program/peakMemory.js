// Loaded into a measured process: it writes down the most memory that the process had, in kB, when it ends.
const { readFileSync, writeFileSync } = require("node:fs");

process.on("exit", () => {
    let peak = process.resourceUsage().maxRSS;
    try {
        // On Linux the figure above begins with the memory of the process that started this one.
        peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]);
    } catch {}
    writeFileSync(process.env.BENCH_PEAK_FILE, String(peak));
});
