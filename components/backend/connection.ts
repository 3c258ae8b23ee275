import * as pulumi from "@pulumi/pulumi";
import type { RequiredSettingsArgs, RoleArgs } from "../functionApp/functionApp";
import { keyVaultReference } from "../hostKeys/keyStore";
import { connectionNames, connectionSecretName, identitySettings } from "../rules/connection";
import { Roles } from "../rules/roles";
import type { ServiceKind } from "../shared/serviceKinds";
import { keepSecret, type VaultPlace, versionedUri } from "../shared/vault";
import { ConnectionAuth } from "./check";

/** What a composition needs to know of its service, whichever it is. */
export interface ServiceNode {
    serviceId: pulumi.Output<string>;
    serviceName: pulumi.Output<string>;
    endpoint: pulumi.Output<string>;
    principalId: pulumi.Output<string>;
    connectionString?: pulumi.Output<string>;
}

export interface ConnectionStep {
    name: string;
    parent: pulumi.Resource;
    kind: ServiceKind;
    connectionName: string | undefined;
    service: ServiceNode;
    tags: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
    /** Only asked for when an access key has to be kept. */
    vault: () => VaultPlace;
}

export interface Connection {
    roles: RoleArgs[];
    requiredSettings: RequiredSettingsArgs[];
    /** The same connection for a developer's machine. */
    localSettings: pulumi.Output<Record<string, string>>;
}

const owner = "the connection to the service";

export function createConnection(step: ConnectionStep & { auth: ConnectionAuth }): Connection {
    return step.auth === ConnectionAuth.AccessKey ? connectByAccessKey(step) : connectByIdentity(step);
}

function connectByIdentity({ kind, connectionName, service }: ConnectionStep): Connection {
    const names = connectionNames({ kind, connectionName });
    const addresses = (name: string) => service.endpoint.apply((address) => identitySettings({ kind, name, address }));
    return {
        roles: [
            {
                name: "service-owner",
                role: kind.dataRole,
                scope: service.serviceId,
                // A service that holds the app's address is made after the app.
                afterApp: kind.upstreamOn === "service" ? true : undefined,
            },
        ],
        requiredSettings: names.map((name) => ({
            owner,
            settings: addresses(name).apply((settings) => ({
                ...settings,
                [`${name}__credential`]: "managedidentity",
            })),
            clientIdSetting: `${name}__clientId`,
        })),
        localSettings: pulumi
            .all(names.map(addresses))
            .apply((all): Record<string, string> => Object.assign({}, ...all)),
    };
}

function connectByAccessKey(step: ConnectionStep): Connection {
    const { name, parent, kind, connectionName, service, tags } = step;
    const names = connectionNames({ kind, connectionName });
    const vault = step.vault();
    const value = service.connectionString ?? pulumi.secret("");
    const secret = keepSecret(
        {
            name: `${name}-connection`,
            secretName: connectionSecretName(names[0] ?? kind.connectionName),
            value,
            vault,
            tags,
        },
        { parent },
    );
    const reference = versionedUri(secret).apply(keyVaultReference);
    return {
        roles: [{ name: "vault-reader", role: Roles.keyVaultSecretsUser, scope: vault.id }],
        requiredSettings: [{ owner, settings: Object.fromEntries(names.map((key) => [key, reference])) }],
        localSettings: pulumi.output(Object.fromEntries(names.map((key) => [key, value]))),
    };
}
