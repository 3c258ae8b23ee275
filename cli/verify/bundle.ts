import { services } from "../services";
import { at, textAt } from "../words";
import { ask, parseJson } from "./ask";
import { type CheckContext, CheckError, requireService, SkippedError } from "./check";
import { skipForToken } from "./exposure";
import { masterKeyMissing } from "./triggers";

/** Reads from the running host which extension bundle it has loaded, and checks that it contains the service's bindings. */
export async function checkBundle(context: CheckContext): Promise<string> {
    const { deployed } = context;
    const service = requireService(context);
    if (deployed.masterKey === undefined) {
        throw new SkippedError(masterKeyMissing);
    }
    const url = new URL("/admin/host/status", deployed.negotiateUrl);
    const answer = await ask(context, url, { headers: { "x-functions-key": deployed.masterKey } });
    skipForToken(deployed, answer, { place: url.pathname, unchecked: "So the bundle was not read." });
    if (answer.status !== 200) {
        throw new CheckError(
            `${url.pathname} answers ${answer.status}${answer.status === 401 ? ": the host does not accept this master key" : ""}.`,
        );
    }
    const status = parseJson(answer.text);
    if (["state", "version", "extensionBundle"].every((name) => at(status, name) === undefined)) {
        throw new CheckError(
            `${url.pathname} answers 200, but not as a Functions host does, with a JSON object that has its state and version. Name the app's own address with --negotiate-url, or remove what stands before the app.`,
        );
    }
    const [id, version] = [textAt(status, "extensionBundle", "id"), textAt(status, "extensionBundle", "version")];
    const host = textAt(status, "version");
    const { bundles, title } = services[service];
    if (id === undefined) {
        return "The host runs without an extension bundle, so the deployed code must contain the extensions.";
    }
    if (!bundles.some((known) => known.toLowerCase() === id.toLowerCase())) {
        throw new CheckError(
            `The host has loaded the bundle ${id}, which does not contain the bindings of ${title}. Set ${bundles.join(" or ")} in host.json and deploy again.`,
        );
    }
    const advice = adviceOn({ context, id, version });
    return `The host${host === undefined ? "" : ` ${host}`} has loaded ${id} ${version ?? ""}, which contains the bindings of ${title}.${advice}`;
}

/** What is known of old versions of a bundle. Throws a `CheckError` for one that cannot work. */
function adviceOn({
    context,
    id,
    version,
}: {
    context: CheckContext;
    id: string;
    version: string | undefined;
}): string {
    const service = requireService(context);
    if (service === "webpubsub" && isBelow(version, [4, 33, 0]) && context.deployed.connection !== "accessKey") {
        throw new CheckError(
            `The host has loaded ${id} ${version}, whose Web PubSub extension cannot sign in with an identity. Set the version [4.37.1, 5.0.0) in host.json and deploy again.`,
        );
    }
    if (service === "webpubsub" && isBelow(version, [4, 37, 1])) {
        return " Before 4.37.1 the extension fails on every request of an app that has no default connection setting: set the version [4.37.1, 5.0.0) in host.json.";
    }
    if (service === "socketio" && (isBelow(version, [4, 42, 0]) || /\.Experimental$/i.test(id))) {
        return " It brings a beta version of the Socket.IO extension: Preview brings 1.0.0 from 4.42.0 on.";
    }
    return "";
}

function isBelow(version: string | undefined, least: readonly number[]): boolean {
    const parts = /^(\d+)\.(\d+)\.(\d+)/
        .exec(version ?? "")
        ?.slice(1)
        .map(Number);
    const difference = parts?.map((part, index) => part - (least[index] ?? 0)).find((step) => step !== 0);
    return difference !== undefined && difference < 0;
}
