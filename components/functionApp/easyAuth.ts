import { getClientConfigOutput } from "@pulumi/azure-native/authorization";
import {
    type WebApp,
    WebAppAuthSettingsV2,
    type WebAppAuthSettingsV2Args,
    WebAppAuthSettingsV2Slot,
} from "@pulumi/azure-native/web";
import * as pulumi from "@pulumi/pulumi";
import { type Checks, isKnown, type Rule, show } from "../shared/checks";
import type { Identity } from "../shared/identity";
import { filled, flag, itemsOf, list, object, orDefault, plain, required, type Shape, text } from "../shared/shape";
import { urlRule } from "../shared/urls";
import type { CheckedFunctionAppArgs, FunctionAppArgs } from "./args";
import type { CheckedEventAuth, EventAuth, EventCaller } from "./easyAuthArgs";

export const eventAuthShape: Shape = plain(
    object<EventAuth>({
        clientId: required(text),
        openPaths: plain(list(plain(text))),
        login: plain(flag),
        issuer: text,
    }),
);

export const eventCallersShape: Shape = plain(
    list(plain(object<EventCaller>({ principalId: required(filled), clientId: filled }))),
);

/** Where the extensions listen. */
const webhooks = "/runtime/webhooks";

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const clientIdRule: Rule<string> = (value) =>
    guid.test(value)
        ? undefined
        : `${show(value)} is not a client id. Allowed: the application (client) id of an app registration, a GUID.`;

/** A rule for a path that needs no token. Azure takes plain paths only, and whether it compares whole parts of them is not documented. */
export const openPathRule: Rule<string> = (value) => {
    const wanted = "Allowed: a path such as /api/negotiate, without wildcards, query or dots between slashes.";
    if (!/^\/[A-Za-z0-9._~/-]*$/.test(value) || (value !== "/" && /\/\.{0,2}(\/|$)/.test(value.replace(/\/$/, "")))) {
        return `${show(value)} is not a path. ${wanted}`;
    }
    const path = value.toLowerCase();
    return webhooks.startsWith(path) || path.startsWith(webhooks)
        ? `${show(value)} covers ${webhooks}, where the events arrive, and anybody could send them. Name narrower paths.`
        : undefined;
};

/** A path without the slashes at its end. */
function withoutSlashes(path: string): string {
    let end = path.length;
    while (path[end - 1] === "/") {
        end -= 1;
    }
    return path.slice(0, end);
}

/** Whether a path lies at or below one of the open ones. */
export function isOpen(path: string, openPaths: readonly string[]): boolean {
    const wanted = `${path.toLowerCase()}/`;
    return openPaths.some((open) => wanted.startsWith(`${withoutSlashes(open.toLowerCase())}/`));
}

/** Checks who may call an app, alone or inside a backend. `defaultPaths` are open where none are named and nobody logs in. */
export function checkEventAuth(
    checks: Checks,
    given: FunctionAppArgs["eventAuth"],
    defaultPaths: readonly string[],
): CheckedEventAuth | undefined {
    const auth = given as EventAuth | undefined;
    if (auth === undefined) {
        return undefined;
    }
    const part = checks.at("eventAuth.");
    const login = auth.login === true;
    const openPaths = auth.openPaths ?? (login ? [] : [...defaultPaths]);
    for (const [index, path] of openPaths.entries()) {
        part.plain(`openPaths[${index}]`, path, openPathRule);
    }
    return {
        clientId: part.input("clientId", auth.clientId, clientIdRule),
        issuer: part.input("issuer", auth.issuer, urlRule),
        openPaths,
        login,
    };
}

/** Checks which services may send events. */
export function checkEventCallers(
    checks: Checks,
    callers: FunctionAppArgs["eventCallers"],
    auth: CheckedEventAuth | undefined,
): EventCaller[] {
    const known = itemsOf(callers);
    if (auth === undefined && callers !== undefined) {
        checks.fault(
            "eventCallers",
            "it needs eventAuth, which asks callers for a token. Set eventAuth, or remove it.",
        );
    }
    if (auth !== undefined && known.length === 0) {
        checks.fault(
            "eventAuth",
            "it lets in only services that eventCallers names. Give the principalId of the service there.",
        );
    }
    for (const [index, { clientId }] of known.entries()) {
        if (auth?.login && clientId === undefined) {
            checks.fault(
                `eventCallers[${index}].clientId`,
                "eventAuth.login tells callers by their client id. Give the service's identityClientId.",
            );
        }
    }
    return known;
}

/** The setting that lets App Service sign in as the app registration with the app's identity instead of a secret. */
export const loginSetting = "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID";

interface Guarded {
    args: CheckedFunctionAppArgs & { eventAuth: CheckedEventAuth };
    app: WebApp;
}

/** Turns App Service authentication on. */
export function createEasyAuth(
    name: string,
    guarded: Guarded,
    opts: pulumi.CustomResourceOptions,
): WebAppAuthSettingsV2 {
    return new WebAppAuthSettingsV2(`${name}-auth`, authSettings(guarded, opts), opts);
}

/** Turns it on for a slot, where a swap leaves it: app and slot ask for the same token of the same service. */
export function createSlotAuth(
    name: string,
    { slot, ...guarded }: Guarded & { slot: string },
    opts: pulumi.CustomResourceOptions,
): WebAppAuthSettingsV2Slot {
    return new WebAppAuthSettingsV2Slot(`${name}-slot-auth`, { ...authSettings(guarded, opts), slot }, opts);
}

function authSettings({ args, app }: Guarded, { parent }: pulumi.CustomResourceOptions): WebAppAuthSettingsV2Args {
    const { eventAuth, eventCallers, resourceGroupName } = args;
    const { clientId, login, openPaths } = eventAuth;
    const tenantId = getClientConfigOutput({ parent }).tenantId;
    return {
        name: app.name,
        resourceGroupName,
        platform: { enabled: true },
        globalValidation: {
            requireAuthentication: true,
            unauthenticatedClientAction: "Return401",
            excludedPaths: openPaths,
        },
        httpSettings: { requireHttps: true },
        login: { tokenStore: { enabled: false } },
        identityProviders: {
            azureActiveDirectory: {
                enabled: true,
                registration: {
                    clientId,
                    openIdIssuer: orDefault(
                        eventAuth.issuer,
                        pulumi.interpolate`https://login.microsoftonline.com/${tenantId}/v2.0`,
                    ),
                    clientSecretSettingName: login ? loginSetting : undefined,
                },
                validation: {
                    allowedAudiences: [clientId, pulumi.interpolate`api://${clientId}`],
                    defaultAuthorizationPolicy: policyOf(eventAuth, eventCallers),
                },
            },
        },
    };
}

/** Who gets in with a valid token. Azure judges everybody by it, so people who log in are named by the app that they log in to. */
function policyOf({ clientId, login }: CheckedEventAuth, callers: EventCaller[]) {
    return login
        ? { allowedApplications: [clientId, ...callers.map((caller) => caller.clientId ?? "")] }
        : { allowedPrincipals: { identities: callers.map(({ principalId }) => principalId) } };
}

/** Settings that a login needs. */
export function loginSettings(
    auth: CheckedEventAuth | undefined,
    identity: Identity | undefined,
): Record<string, pulumi.Input<string>> {
    return auth?.login && identity !== undefined ? { [loginSetting]: identity.clientId } : {};
}

/** Whether a handler's own proof is known to be another than the one that eventAuth asks for. */
export function isOtherAudience(resource: pulumi.Input<string> | undefined, clientId: pulumi.Input<string>): boolean {
    if (resource === undefined || !isKnown(resource) || !isKnown(clientId)) {
        return false;
    }
    return resource !== clientId && resource !== `api://${clientId}`;
}
