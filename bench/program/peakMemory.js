// Loaded into a measured process. Writes the process's peak memory, in kB, to a file when the process ends.
const { readFileSync, writeFileSync } = require("node:fs");

process.on("exit", () => {
    let peak = process.resourceUsage().maxRSS;
    try {
        // On Linux the value above includes the parent's memory, because the process starts as a copy of its parent.
        peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]);
    } catch {}
    writeFileSync(process.env.BENCH_PEAK_FILE, String(peak));
});
