import { createHash } from "node:crypto";
import type { RoleAssignment } from "@pulumi/azure-native/authorization";
import { SignalRCustomCertificate, SignalRCustomDomain } from "@pulumi/azure-native/signalrservice";
import { WebPubSubCustomCertificate, WebPubSubCustomDomain } from "@pulumi/azure-native/webpubsub";
import * as pulumi from "@pulumi/pulumi";
import { armIdRule } from "../shared/armId";
import { type Checks, isKnown, isLater, type Rule, show } from "../shared/checks";
import { assignRole, defaultRoleDelaySeconds, Roles, rolesInForce } from "../shared/roles";
import { decisive, itemsOf, list, object, orDefault, plain, required, type Shape, text } from "../shared/shape";
import { ServiceSku } from "./args";
import type { CustomDomain } from "./customDomainArgs";

export const customDomainsShape: Shape = plain(
    list(
        plain(
            object<CustomDomain>({
                name: plain(required(text)),
                domainName: required(text),
                certificateSecretUri: required(text),
                certificateVaultId: decisive(text),
            }),
        ),
    ),
);

/** Parts of a certificate's address in a vault. */
export interface CertificatePlace {
    keyVaultBaseUri: string;
    keyVaultSecretName: string;
    keyVaultSecretVersion?: string;
}

/** Splits the URL of a secret; anything else is undefined. */
export function parseSecretUri(uri: unknown): CertificatePlace | undefined {
    const [, keyVaultBaseUri, keyVaultSecretName, keyVaultSecretVersion] =
        typeof uri === "string"
            ? (/^(https:\/\/[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::\d+)?)\/secrets\/([A-Za-z0-9-]{1,127})(?:\/([0-9a-f]{32}))?\/?$/i.exec(
                  uri,
              ) ?? [])
            : [];
    if (keyVaultBaseUri === undefined || keyVaultSecretName === undefined) {
        return undefined;
    }
    return { keyVaultBaseUri, keyVaultSecretName, ...(keyVaultSecretVersion && { keyVaultSecretVersion }) };
}

const secretUriRule: Rule<string> = (value) =>
    parseSecretUri(value) === undefined
        ? `${show(value.split("?")[0])} is not the URL of a certificate's secret. Allowed: https://<vault>.vault.azure.net/secrets/<certificate>, with or without a version.`
        : undefined;

const domainRule: Rule<string> = (value) => {
    const wanted = "Allowed: a host name below a domain of yours, such as chat.example.com, without scheme or path.";
    if (!/^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(value)) {
        return `${show(value)} is not a host name. ${wanted}`;
    }
    return /\.(webpubsub\.azure\.com|service\.signalr\.net|azurewebsites\.net)$/i.test(value)
        ? `${show(value)} belongs to Azure. ${wanted}`
        : undefined;
};

const nameRule: Rule<string> = (value) =>
    /^[a-z0-9][a-z0-9-]{0,39}$/.test(value)
        ? undefined
        : `${show(value)} is not a valid name. Allowed: 1-40 lower case letters, digits and hyphens.`;

/** Checks the domains of a new service. `sku` is the tier as far as it is known. */
export function checkCustomDomains(
    checks: Checks,
    given: pulumi.Input<CustomDomain>[] | undefined,
    sku: pulumi.Input<string>,
): CustomDomain[] | undefined {
    if (given === undefined) {
        return undefined;
    }
    const domains = itemsOf(given);
    const tierRule: Rule<string> = (known) =>
        domains.length > 0 && (known === ServiceSku.FreeF1 || known === ServiceSku.StandardS1)
            ? `sku ${known} has no custom domains. Use sku Premium_P1 or Premium_P2, or remove them.`
            : undefined;
    const tier =
        checks.input("customDomains", orDefault(sku, ServiceSku.StandardS1), tierRule) ?? ServiceSku.StandardS1;
    return domains.map((domain, index) => {
        const part = checks.at(`customDomains[${index}].`);
        const same = (key: "name" | "domainName") =>
            domains.findIndex((other) => sameText(other[key], domain[key])) < index;
        part.plain("name", domain.name, nameRule);
        for (const key of ["name", "domainName"] as const) {
            if (domain[key] !== undefined && isKnown(domain[key]) && same(key)) {
                part.fault(key, `${show(domain[key])} is there twice. Remove one of them.`);
            }
        }
        return {
            ...domain,
            // A tier that is known later is judged before anything is made of the domain.
            domainName: part.input("domainName", after(tier, domain.domainName), domainRule),
            certificateSecretUri: part.input("certificateSecretUri", domain.certificateSecretUri, secretUriRule),
            certificateVaultId: part.input(
                "certificateVaultId",
                domain.certificateVaultId,
                armIdRule("Microsoft.KeyVault/vaults"),
            ),
        };
    });
}

function after(tier: pulumi.Input<string>, value: pulumi.Input<string>): pulumi.Input<string> {
    return isLater(tier) ? pulumi.all([value, tier]).apply(([known]) => known) : value;
}

function sameText(one: unknown, other: unknown): boolean {
    return typeof one === "string" && typeof other === "string" && one.toLowerCase() === other.toLowerCase();
}

/** Refuses the vault of the host's keys, whether it is named by its id or in the certificate's URL. */
export function refuseKeyVault(
    checks: Checks,
    given: pulumi.Input<CustomDomain>[] | undefined,
    keys: { vaultId?: pulumi.Input<string>; vaultName?: pulumi.Input<string> },
): CustomDomain[] | undefined {
    if (given === undefined) {
        return undefined;
    }
    const domains = itemsOf(given);
    const name = keys.vaultName ?? (keys.vaultId === undefined ? undefined : pulumiLast(keys.vaultId));
    if (name === undefined) {
        return domains;
    }
    return domains.map((domain, index) => {
        const part = checks.at(`customDomains[${index}].`);
        const reason =
            "it is in the vault of the host's keys, where the Functions host deletes what it does not know. Keep the certificate in another vault.";
        const rule = (uri: string, vault: string) => (vaultOf(uri) === vault.toLowerCase() ? reason : undefined);
        const { certificateSecretUri: uri } = domain;
        if (!isLater(uri) && !isLater(name)) {
            part.input("certificateSecretUri", uri, (known: string) => rule(known, String(name)));
            return domain;
        }
        const both = pulumi
            .all([uri, name])
            .apply(([known, vault]) => ({ known: String(known), vault: String(vault) }));
        const checked = part.input("certificateSecretUri", both, ({ known, vault }: { known: string; vault: string }) =>
            rule(known, vault),
        );
        return { ...domain, certificateSecretUri: checked.apply(({ known }) => known) };
    });
}

function pulumiLast(id: pulumi.Input<string>): pulumi.Input<string> {
    const last = (known: string) => known.split("/").at(-1) ?? "";
    return isLater(id) ? pulumi.output(id).apply(last) : last(String(id));
}

function vaultOf(uri: string): string | undefined {
    return /^https:\/\/([^./]+)\./i.exec(uri)?.[1]?.toLowerCase();
}

/** Resources of the custom domains of a service. */
export interface CustomDomainNodes {
    roles: RoleAssignment[];
    certificates: (WebPubSubCustomCertificate | SignalRCustomCertificate)[];
    domains: (WebPubSubCustomDomain | SignalRCustomDomain)[];
}

export interface DomainService {
    kind: "webPubSub" | "signalR";
    resourceGroupName: pulumi.Input<string>;
    serviceName: pulumi.Output<string>;
    principalId: pulumi.Output<string>;
    /** Seconds that a new role gets before the service fetches a certificate. */
    roleDelaySeconds?: pulumi.Input<number>;
}

/** Creates role, certificate and domain, in this order: the service fetches a certificate when it is told of it. */
export function createCustomDomains(
    name: string,
    domains: readonly CustomDomain[],
    service: DomainService,
    opts: pulumi.CustomResourceOptions,
): CustomDomainNodes | undefined {
    if (domains.length === 0) {
        return undefined;
    }
    const vaults = new Map<unknown, RoleAssignment>();
    const made: CustomDomainNodes = { roles: [], certificates: [], domains: [] };
    for (const domain of domains) {
        const { certificateVaultId: scope } = domain;
        const key = typeof scope === "string" ? scope.toLowerCase() : scope;
        if (scope !== undefined && !vaults.has(key)) {
            const grant = { role: Roles.keyVaultSecretsUser, scope, principalId: service.principalId };
            vaults.set(key, assignRole(`${name}-${domain.name}-certificate-reader`, grant, opts));
        }
        const role = vaults.get(key);
        const { certificate, record } = createDomain(`${name}-${domain.name}`, domain, { ...service, role }, opts);
        made.certificates.push(certificate);
        made.domains.push(record);
    }
    made.roles.push(...vaults.values());
    return made;
}

function createDomain(
    name: string,
    domain: CustomDomain,
    service: DomainService & { role: RoleAssignment | undefined },
    opts: pulumi.CustomResourceOptions,
) {
    const { resourceGroupName, role, kind } = service;
    const delay = orDefault(service.roleDelaySeconds, defaultRoleDelaySeconds);
    const inForce = role === undefined ? pulumi.output(undefined) : rolesInForce([role], delay);
    const uri = pulumi.output(domain.certificateSecretUri);
    // Azure cannot change a certificate's address, so another address is another resource, made before the old one goes.
    const certificateName = uri.apply((known) => `${domain.name}-${digest(known)}`);
    const place = pulumi.all([uri, inForce]).apply(([known]) => parseSecretUri(known));
    const { Certificate, Domain } =
        kind === "signalR"
            ? { Certificate: SignalRCustomCertificate, Domain: SignalRCustomDomain }
            : { Certificate: WebPubSubCustomCertificate, Domain: WebPubSubCustomDomain };
    const own = { resourceGroupName, resourceName: service.serviceName };
    const certificate = new Certificate(
        `${name}-certificate`,
        {
            ...own,
            certificateName,
            keyVaultBaseUri: place.apply((known) => known?.keyVaultBaseUri ?? ""),
            keyVaultSecretName: place.apply((known) => known?.keyVaultSecretName ?? ""),
            keyVaultSecretVersion: place.apply((known) => known?.keyVaultSecretVersion as string),
        },
        opts,
    );
    const domainName = pulumi.output(domain.domainName);
    const record = new Domain(
        `${name}-domain`,
        {
            ...own,
            name: domainName.apply((known) => `${domain.name}-${digest(known.toLowerCase())}`),
            domainName,
            customCertificate: { id: certificate.id },
        },
        opts,
    );
    return { certificate, record };
}

function digest(text: string): string {
    return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

/** The CNAME records that must exist: from each domain to the service's own host name. */
export function domainRecordsOf(
    domains: readonly CustomDomain[],
    hostName: pulumi.Output<string>,
): pulumi.Output<Record<string, string>> {
    const names = pulumi.all(domains.map(({ domainName }) => domainName));
    return pulumi
        .all([names, hostName])
        .apply(
            ([known, target]): Record<string, string> =>
                Object.fromEntries(known.map((domainName) => [domainName, target])),
        );
}
