import { join } from "node:path";
import type { CoverageEntry } from "../../emulator/core/service/coverage";
import { coverage as signalR } from "../../emulator/signalr/coverage";
import { coverage as socketIO } from "../../emulator/socketio/coverage";
import { coverage as webPubSub } from "../../emulator/webpubsub/coverage";

const services: { title: string; coverage: readonly CoverageEntry[] }[] = [
    { title: "Web PubSub for Socket.IO", coverage: socketIO },
    { title: "Web PubSub", coverage: webPubSub },
    { title: "SignalR Service", coverage: signalR },
];

const areas: Record<CoverageEntry["area"], string> = {
    client: "Clients",
    event: "Events",
    hub: "Hubs",
    rest: "REST",
};

/** Path of the generated page. */
export const supportFile = join(__dirname, "..", "support.md");

/** A page with tables of the operations that each emulated service supports. */
export function supportPage(): string {
    const parts = services.flatMap(({ title, coverage }) => [
        `## ${title}`,
        ...Object.entries(areas).flatMap(([area, heading]) => {
            const entries = coverage.filter((entry) => entry.area === area);
            return entries.length === 0 ? [] : [`### ${heading}`, table(entries)];
        }),
    ]);
    return `${["# What the emulated services support", introduction, ...parts].join("\n\n")}\n`;
}

const introduction = `<!-- Written by \`npm run docs\` from the lists in the emulator's code. -->

Tests compare the REST rows with the routes. The emulator refuses unsupported operations by name, in its answer or in the log.
[Differences from Azure](differences-from-azure.md) lists operations that behave differently.`;

function table(entries: readonly CoverageEntry[]): string {
    const rows = entries.map(({ area, operation, support, note = "" }) => {
        const name = area === "rest" ? `\`${operation}\`` : cell(operation);
        return `| ${name} | ${support} | ${cell(note)} |`;
    });
    return ["| what | support | note |", "| --- | --- | --- |", ...rows].join("\n");
}

function cell(text: string): string {
    return text.replaceAll("|", "\\|").replace(/[*<>]/g, (char) => `\\${char}`);
}
