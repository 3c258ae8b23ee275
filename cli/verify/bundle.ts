import { services } from "../services";
import { messageOf, textAt } from "../words";
import { type CheckContext, CheckError, SkippedError } from "./check";

/** Asks the running host which extension bundle it has loaded, and whether that holds the service's bindings. */
export async function checkBundle({ deployed, fetch, milliseconds, negotiated }: CheckContext): Promise<string> {
    const service = negotiated?.service ?? deployed.service;
    if (service === undefined) {
        throw new SkippedError("Which service it is cannot be told without a negotiation. Name it with --service.");
    }
    if (deployed.masterKey === undefined) {
        throw new SkippedError(
            "The host's master key is not known. Give what `pulumi stack export --show-secrets` prints, or the name of an environment variable with the key as --master-key-env.",
        );
    }
    const url = new URL("/admin/host/status", deployed.negotiateUrl);
    let response: Response;
    try {
        response = await fetch(url, {
            headers: { "x-functions-key": deployed.masterKey },
            signal: AbortSignal.timeout(milliseconds),
        });
    } catch (error) {
        throw new CheckError(`${url.host} does not answer: ${messageOf(error)}.`);
    }
    if (!response.ok) {
        await response.text();
        throw new CheckError(
            `${url.pathname} answers ${response.status}${response.status === 401 ? ": the host does not know this master key" : ""}.`,
        );
    }
    const status: unknown = await response.json();
    const [id, version] = [textAt(status, "extensionBundle", "id"), textAt(status, "extensionBundle", "version")];
    const { bundles, title } = services[service];
    if (id === undefined) {
        return `The host runs without an extension bundle; the code brings its extensions itself.`;
    }
    if (!bundles.some((known) => known.toLowerCase() === id.toLowerCase())) {
        throw new CheckError(
            `The host has loaded the bundle ${id}, which does not hold the bindings of ${title}. Name ${bundles.join(" or ")} in host.json and deploy again.`,
        );
    }
    return `The host has loaded ${id} ${version ?? ""}, which holds the bindings of ${title}.`;
}
