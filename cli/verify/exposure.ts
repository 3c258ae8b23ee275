import { textAt } from "../words";
import { SkippedError } from "./check";
import type { Deployed } from "./deployed";

const types = { app: /^azure-native:web:WebApp$/, service: /^azure-native:.*:(WebPubSub|SignalR)$/ };

/** Says how to go on where the stack closes a part to the internet; undefined where it does not, or does not tell. */
export function closedHint(
    { resources }: Partial<Pick<Deployed, "resources">>,
    part: keyof typeof types,
): string | undefined {
    const found = resources?.filter(({ type }) => types[part].test(type)) ?? [];
    const isClosed =
        found.length > 0 && found.every(({ outputs }) => textAt(outputs, "publicNetworkAccess") === "Disabled");
    return isClosed
        ? `The stack closes the ${part} to the internet, so it is not to be reached from outside of its private network. Run verify on a machine in that network.`
        : undefined;
}

/**
 * Skips a check whose call App Service authentication answers: it asks for a token, which this command does not have, before the app
 * sees any key. Its answer names a scheme, which a Functions host's own refusal does not.
 */
export function skipForToken(
    { resources }: Pick<Deployed, "resources">,
    { status, headers }: { status: number; headers: Headers },
    { place, unchecked }: { place: string; unchecked: string },
): void {
    const isSet = resources?.some(({ type }) => type.endsWith(":WebAppAuthSettingsV2")) ?? false;
    if (status === 401 && (isSet || /^Bearer\b/i.test(headers.get("www-authenticate") ?? ""))) {
        throw new SkippedError(
            `${place} answers 401: App Service authentication (eventAuth) asks for a token, which this command does not have, before the app sees a key. ${unchecked}`,
        );
    }
}
