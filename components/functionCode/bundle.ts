import { describeUnpublished, isPublished, parseRange, reaches } from "../../rules/bundle";
import { show } from "../shared/checks";
import type { ServiceKind } from "../shared/serviceKinds";

/** Source: extensionrequirements.json of azure-functions-host. */
const oldestBundle = "2.6.1";

export interface BundleFinding {
    fault?: string;
    warning?: string;
}

/** Looks at the extension bundle of host.json: whether it holds the extension that the service needs, and in which version. */
export function checkBundle(
    bundle: { id?: unknown; version?: unknown },
    kind: ServiceKind,
    { identity }: { identity: boolean },
): BundleFinding {
    const { id, version } = bundle;
    const choice = kind.bundles.find((known) => typeof id === "string" && known.id.toLowerCase() === id.toLowerCase());
    if (choice === undefined) {
        return {
            fault: `the extension bundle ${show(id)} in host.json does not hold the ${kind.extension} binding. ${bundleAdvice(kind)}`,
        };
    }
    if (version === undefined || version === "") {
        return { fault: `extensionBundle in host.json has no version. ${bundleAdvice(kind)}` };
    }
    const range = typeof version === "string" ? parseRange(version) : undefined;
    if (range === undefined) {
        return {
            fault: `extensionBundle.version ${show(version)} in host.json is not a version range. ${bundleAdvice(kind)}`,
        };
    }
    if (!isPublished(range)) {
        return { fault: `${describeUnpublished({ id: choice.id, version: String(version) })} ${bundleAdvice(kind)}` };
    }
    const until = (text: string) => !reaches(range, text);
    const { from = oldestBundle, identityFrom, advisedFrom, warning } = choice;
    if (until(from)) {
        return {
            fault: `extensionBundle.version ${show(version)} in host.json ends before ${from}, the first with the ${kind.extension} extension. ${bundleAdvice(kind)}`,
        };
    }
    if (identityFrom !== undefined && until(identityFrom)) {
        const text = `extensionBundle.version ${show(version)} in host.json ends before ${identityFrom}, the first that signs in to the service with an identity. ${bundleAdvice(kind)}`;
        return identity ? { fault: text } : { warning: text };
    }
    if (advisedFrom !== undefined && until(advisedFrom)) {
        return {
            warning: `extensionBundle.version ${show(version)} in host.json ends before ${advisedFrom}, the first with the mended ${kind.extension} extension. ${bundleAdvice(kind)}`,
        };
    }
    if (until("4.0.0")) {
        // Azure runs the old versions with a warning. Source: microsoft/vscode-azurefunctions issue 4701, which is about all tools.
        return {
            warning: `extensionBundle.version ${show(version)} in host.json ends before version 4, the only one with support. Azure still runs it. ${bundleAdvice(kind)}`,
        };
    }
    return { warning };
}

/** What to write into host.json. */
export function bundleAdvice({ extension, bundles }: ServiceKind): string {
    const names = bundles.map(({ id }) => id).join(", ");
    const from = bundles[0]?.advisedFrom ?? "4.*";
    return `The ${extension} binding is in ${names}: name one of them in host.json as extensionBundle.id with version "[${from}, 5.0.0)".`;
}
