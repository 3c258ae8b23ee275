import { messageOf } from "../../emulator/core/errors";
import { services } from "../services";
import { textAt } from "../words";
import { type CheckContext, CheckError, requireService, SkippedError } from "./check";

/** Reads from the running host which extension bundle it has loaded, and checks that it contains the service's bindings. */
export async function checkBundle(context: CheckContext): Promise<string> {
    const { deployed, fetch, milliseconds } = context;
    const service = requireService(context);
    if (deployed.masterKey === undefined) {
        throw new SkippedError(
            "The host's master key is unknown. Pass the output of `pulumi stack export --show-secrets`, or name an environment variable with the key in --master-key-env.",
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
            `${url.pathname} answers ${response.status}${response.status === 401 ? ": the host does not accept this master key" : ""}.`,
        );
    }
    const status: unknown = await response.json();
    const [id, version] = [textAt(status, "extensionBundle", "id"), textAt(status, "extensionBundle", "version")];
    const { bundles, title } = services[service];
    if (id === undefined) {
        return "The host runs without an extension bundle, so the deployed code must contain the extensions.";
    }
    if (!bundles.some((known) => known.toLowerCase() === id.toLowerCase())) {
        throw new CheckError(
            `The host has loaded the bundle ${id}, which does not contain the bindings of ${title}. Set ${bundles.join(" or ")} in host.json and deploy again.`,
        );
    }
    return `The host has loaded ${id} ${version ?? ""}, which contains the bindings of ${title}.`;
}
