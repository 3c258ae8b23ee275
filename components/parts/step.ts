import type * as pulumi from "@pulumi/pulumi";
import type { FunctionAppArgs } from "../functionApp/functionApp";

/** What every step of making a Function App knows. */
export interface AppStep {
    name: string;
    args: FunctionAppArgs;
    parent: pulumi.Resource;
    /** The random part of the names of everything around this app. */
    suffix: pulumi.Output<string>;
}

export interface AppIdentity {
    id: pulumi.Output<string>;
    principalId: pulumi.Output<string>;
    clientId: pulumi.Output<string>;
}

export interface HostStorage {
    id: pulumi.Output<string>;
    blobEndpoint: pulumi.Output<string>;
    queueEndpoint: pulumi.Output<string>;
    tableEndpoint: pulumi.Output<string>;
    /** Where the Flex platform keeps the deployed package. */
    deploymentContainerUrl: pulumi.Output<string> | undefined;
}

export interface Monitoring {
    id: pulumi.Output<string>;
    connectionString: pulumi.Output<string>;
}
