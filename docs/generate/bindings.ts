import { join } from "node:path";
import { type BindingEntry, bindingTable } from "../../rules/bindingTable";

/** Path of the generated page. */
export const bindingsFile = join(__dirname, "..", "bindings.md");

/** A page with every binding of Azure Functions: whether it works on this machine, and why not. */
export function bindingsPage(): string {
    const works = bindingTable.filter(({ refused }) => refused === undefined);
    const refused = bindingTable.filter((entry) => entry.refused !== undefined);
    const parts = [
        "# Bindings of Azure Functions on this machine",
        introduction,
        "## Works",
        table(["binding", "service", "from", "note"], works, ({ types }) => notes.get(types[0]) ?? ""),
        "## Refused by name",
        `The Functions host on this machine puts a function with one of these bindings in error, says why, and runs the others. On Azure they work.`,
        table(["binding", "service", "from", "why"], refused, (entry) => entry.refused ?? ""),
        rules,
    ];
    return `${parts.join("\n\n")}\n`;
}

/** What is to know of bindings that work, by their first type. */
const notes = new Map<string | undefined, string>([
    ["timerTrigger", "NCRONTAB in six or five fields; a time span on a Dedicated plan only."],
    ["warmupTrigger", "Runs once when the host starts, on ElasticPremium and Dedicated, in the function named warmup."],
    ["manualTrigger", "Runs by POST /admin/functions/{name} only."],
    [
        "webPubSubTrigger",
        "Access for MQTT clients (clientProtocol mqtt) is given, and the local service refuses their connections.",
    ],
    ["signalRTrigger", "A connection string with AuthType=azure.app, which is an application's secret, is refused."],
    [
        "signalRNegotiation",
        "Several services need AzureSignalRServiceTransportType=Persistent. Every service is online.",
    ],
]);

const introduction = `<!-- Written by \`npm run docs\` from rules/bindingTable.ts. -->

The list holds every binding of the Functions host and of version 4 of the extension bundles. "From" is the host itself, or the
extension bundles that hold the binding. A bundle whose range in \`host.json\` ends before the binding came gets an error, as on Azure.`;

const rules = `## What Azure puts in error

The local Functions host and the check of \`codePath\` before a deployment apply the rules of the host on Azure, in its words. A function
that breaks one is in error and does not run, and the others do:

- The name of a function begins with a letter and holds letters, digits, \`_\` and \`-\`, 128 at most. It is not \`host\`.
- The name of a binding begins with a letter and holds letters and digits only, or it is \`$return\` with direction \`out\`. No two are the same.
- A function has one trigger. An \`http\` binding is an output.
- A route does not begin with \`admin\` or \`runtime\`, so neither does the name of an HTTP function without a route. Two functions with one
  route have no method in common.
- A schedule is NCRONTAB in six fields, or five; on Windows Consumption six only. A time span needs a Dedicated plan.
- Every \`%setting%\` of a binding exists.
- A realtime trigger has its properties: \`hub\` and \`eventName\` for Socket.IO, \`eventType\` and \`eventName\` for Web PubSub,
  \`hubName\`, \`category\`, \`event\` and a connection for SignalR. Of two Socket.IO or Web PubSub functions for one event the second is in error.
- \`retry\` names its strategy, count and intervals. \`dataType\`, \`cardinality\`, \`runOnStartup\` and the like hold a value of their kind.
- No two functions have names that differ by case only.
- The script ends in \`.js\`, \`.mjs\` or \`.cjs\`. The host leaves out any other, and does not start when all are such.
- \`scriptFile\` exists. Without it, a folder has one script, or one named \`index.js\` or \`run\`.

The host looks for a route in the order of the functions' names: \`{*all}\` of a function \`a\` comes before \`hello\` of a function \`b\`.
\`disabled\` in function.json has no effect since version 2 of the host; the app setting \`AzureWebJobs.<name>.Disabled\`, on Linux also
\`AzureWebJobs_<name>_Disabled\`, has.

These stop the whole app, on Azure too: a malformed route, such as one with a slash at its start behind a prefix; a \`host.json\` that is no
JSON or has no \`"version": "2.0"\`; a \`functionTimeout\` that the plan does not allow; a value of \`host.json\` that the host cannot
convert; an extension bundle that is too old, whose version is no range, or in whose range no version is published; a Socket.IO or Web PubSub trigger whose hub is empty and that no setting gives one; Socket.IO without its default connection; a
SignalR trigger of another category or system event than the known ones, or a second one for the same event.

Where \`main\` of package.json names no file, or the file throws while it loads, the host runs without functions: every request is answered
with 404. With function.json beside it, each call is answered with 500. The log says why. A deployment of such code is refused here, while
Azure takes it: the code before it goes on.`;

function table(
    heads: readonly string[],
    entries: readonly BindingEntry[],
    last: (entry: BindingEntry) => string,
): string {
    const rows = entries.map((entry) => {
        const types = entry.types.map((type) => `\`${type}\``).join(", ");
        return `| ${types} | ${entry.service} | ${originOf(entry)} | ${last(entry)} |`;
    });
    return [`| ${heads.join(" | ")} |`, `|${" --- |".repeat(heads.length)}`, ...rows].join("\n");
}

const shortNames = new Map([
    ["Microsoft.Azure.Functions.ExtensionBundle", "general"],
    ["Microsoft.Azure.Functions.ExtensionBundle.Preview", "Preview"],
    ["Microsoft.Azure.Functions.ExtensionBundle.Experimental", "Experimental"],
]);

function originOf({ origin }: BindingEntry): string {
    if (origin === "host") {
        return "the host";
    }
    const names = origin.map(
        ({ id, since }) => `${shortNames.get(id) ?? id}${since === undefined ? "" : ` from ${since}`}`,
    );
    return `bundle ${names.join(", ")}`;
}
