/** Reads and parses the events of an inspector as its page does. */
async function read(address: string): Promise<void> {
    const { origin, searchParams } = new URL(address);
    const headers = { authorization: `Bearer ${searchParams.get("token")}` };
    const { body } = await fetch(`${origin}/api/events`, { headers });
    process.send?.("reads");
    let rest = "";
    for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) {
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) {
            line !== "" && JSON.parse(line);
        }
    }
}

// The server's process is gone.
process.on("disconnect", () => process.exit());
read(process.argv[2] ?? "").catch(() => process.exit());
