import type { EasyAuthSettings } from "../../emulator/functions";
import type { Handler } from "../engine/handler";
import type { Properties } from "../engine/values";
import { type ArmSpec, armHandler } from "./armHandler";
import { list, object, optionalText } from "./inputs";
import { siteId } from "./web";

const spec: Pick<ArmSpec, "faults" | "make" | "remove"> = {
    faults: authFaults,
    async make({ world, inputs }) {
        await world.apps.get(siteId(world, inputs)).update({ easyAuth: easyAuthOf(inputs, world.tenantId) });
        return {};
    },
    async remove({ world, inputs }) {
        await world.apps.find(siteId(world, inputs))?.update({ easyAuth: undefined });
    },
};

/** App Service authentication of an app, and of a slot, which has its own. */
export const webAuthHandlers: Handler[] = [
    armHandler({
        ...spec,
        token: "azure-native:web:WebAppAuthSettingsV2",
        armType: "Microsoft.Web/sites/config",
        names: ["name", "=authsettingsV2"],
    }),
    armHandler({
        ...spec,
        token: "azure-native:web:WebAppAuthSettingsV2Slot",
        armType: "Microsoft.Web/sites/slots/config",
        names: ["name", "slot", "=authsettingsV2"],
    }),
];

const actions = ["Return401", "Return403", "AllowAnonymous", "RedirectToLoginPage"];

/** What the local Azure cannot do, and what would leave the webhook open without a word. */
function authFaults(inputs: Properties): string[] {
    const { identityProviders, globalValidation } = inputs;
    const others = Object.keys(object(identityProviders)).filter((name) => name !== "azureActiveDirectory");
    const action = optionalText(object(globalValidation), "unauthenticatedClientAction");
    const faults = others.map(
        (name) => `identityProviders.${name} is given: the local Azure knows azureActiveDirectory only. Remove it.`,
    );
    if (action !== undefined && !actions.includes(action)) {
        faults.push(`globalValidation.unauthenticatedClientAction is "${action}": allowed are ${actions.join(", ")}.`);
    }
    return faults;
}

function easyAuthOf(inputs: Properties, tenantId: string): EasyAuthSettings | undefined {
    const { requireAuthentication, unauthenticatedClientAction, excludedPaths } = object(inputs.globalValidation);
    const { enabled, registration, validation } = object(object(inputs.identityProviders).azureActiveDirectory);
    const { clientId, openIdIssuer, clientSecretSettingName } = object(registration);
    const { allowedAudiences, defaultAuthorizationPolicy } = object(validation);
    const { allowedApplications, allowedPrincipals } = object(defaultAuthorizationPolicy);
    if (object(inputs.platform).enabled !== true) {
        return undefined;
    }
    const issuerFault = issuerFaultOf(String(openIdIssuer ?? ""), tenantId);
    const { identities } = object(allowedPrincipals);
    return {
        requireAuthentication: requireAuthentication === true && unauthenticatedClientAction !== "AllowAnonymous",
        refusal: unauthenticatedClientAction === "Return403" ? 403 : 401,
        excludedPaths: list(excludedPaths).map(String),
        clientId: String(clientId ?? ""),
        allowedAudiences: list(allowedAudiences).map(String),
        ...(enabled === false && { issuerFault: "the provider azureActiveDirectory is not enabled" }),
        ...(issuerFault !== undefined && { issuerFault }),
        ...(list(allowedApplications).length > 0 && { allowedApplications: list(allowedApplications).map(String) }),
        ...(list(identities).length > 0 && { allowedIdentities: list(identities).map(String) }),
        hasLogin: clientSecretSettingName !== undefined,
    };
}

/** The local Azure issues the tokens of its own tenant, whatever the cloud's address. */
function issuerFaultOf(issuer: string, tenantId: string): string | undefined {
    const parts = URL.canParse(issuer) ? new URL(issuer).pathname.split("/") : [];
    return parts.includes(tenantId)
        ? undefined
        : `openIdIssuer is "${issuer}", and the tokens here come from tenant ${tenantId}`;
}
