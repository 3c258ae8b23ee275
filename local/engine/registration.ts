import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import type { Alias } from "./urn";
import { decode, decodeValue, type Properties, type Value } from "./values";

/** One call `new SomeResource(name, args, opts)` of a program. */
export interface Registration {
    type: string;
    name: string;
    custom: boolean;
    /** Why the resource is not made. */
    refusal?: string;
    parent?: string;
    /** URN of the explicit provider. */
    provider?: string;
    inputs: Properties;
    secretInputs: string[];
    dependencies: string[];
    propertyDependencies: Record<string, string[]>;
    ignoreChanges: string[];
    replaceOnChanges: string[];
    additionalSecretOutputs: string[];
    aliases: Alias[];
    protect: boolean;
    retainOnDelete: boolean;
    /** URN of a resource whose deletion deletes this one too. */
    deletedWith?: string;
    /** The resource is replaced when this value changes. */
    replacementTrigger?: Value;
    /** Undefined when the program does not set the option. */
    deleteBeforeReplace?: boolean;
}

/** Why the local Azure does not make a resource, whatever its type. */
function refusalOf(request: RegisterResourceRequest): string | undefined {
    if (request.getRemote()) {
        return (
            `component ${request.getType()} is in a package of its own, which only the Pulumi CLI starts. ` +
            "Run the program with the CLI: `azure-realtime with -- pulumi up`."
        );
    }
    if (request.getImportid() !== "") {
        // Such a resource is imported by its value, which is a secret.
        const isSecret = /^random:index\/random(Password|Bytes):/.test(request.getType());
        return (
            `the import option (${isSecret ? "[secret]" : request.getImportid()}) needs a resource that exists, and ` +
            "the local Azure has none to import. Leave the option out in the local stack."
        );
    }
    return undefined;
}

export function readRegistration(request: RegisterResourceRequest): Registration {
    const refusal = refusalOf(request);
    const { values, secrets } = decode(request.getObject());
    const propertyDependencies: Record<string, string[]> = {};
    request.getPropertydependenciesMap().forEach((dependency, key) => {
        propertyDependencies[key] = dependency.getUrnsList();
    });
    const aliases: Alias[] = request.getAliasurnsList().map((urn) => ({ urn }));
    for (const alias of request.getAliasesList()) {
        const spec = alias.getSpec();
        aliases.push(
            spec
                ? {
                      name: spec.getName(),
                      type: spec.getType(),
                      stack: spec.getStack(),
                      project: spec.getProject(),
                      parentUrn: spec.getParenturn(),
                      noParent: spec.getNoparent(),
                  }
                : { urn: alias.getUrn() },
        );
    }
    const trigger = request.getReplacementTrigger()?.toJavaScript() as Value | undefined;
    return {
        type: request.getType(),
        name: request.getName(),
        custom: request.getCustom(),
        ...(refusal !== undefined && { refusal }),
        ...(request.getParent() ? { parent: request.getParent() } : {}),
        // A reference is the URN and the id of the provider.
        ...(request.getProvider() ? { provider: request.getProvider().replace(/::[^:]*$/, "") } : {}),
        inputs: values,
        secretInputs: secrets,
        dependencies: request.getDependenciesList(),
        propertyDependencies,
        ignoreChanges: request.getIgnorechangesList(),
        replaceOnChanges: request.getReplaceonchangesList(),
        additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
        aliases,
        protect: request.getProtect() ?? false,
        retainOnDelete: request.getRetainondelete() ?? false,
        ...(request.getDeletedwith() ? { deletedWith: request.getDeletedwith() } : {}),
        // Null, too, means that there is no trigger.
        ...(trigger === undefined || trigger === null ? {} : { replacementTrigger: decodeValue(trigger) }),
        ...(request.getDeletebeforereplacedefined() ? { deleteBeforeReplace: request.getDeletebeforereplace() } : {}),
    };
}
