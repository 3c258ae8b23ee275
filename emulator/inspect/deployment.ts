/** A setting of a deployed resource. The value of a secret is not in it; it is read on request. */
export interface SettingState {
    name: string;
    value?: string;
    secret: boolean;
    /** Whether a Key Vault reference was resolved. Absent when the value is none. */
    reference?: "resolved" | "unresolved";
    /** Why the reference is not resolved. */
    reason?: string;
}

export interface DeployedResource {
    urn: string;
    name: string;
    type: string;
    id?: string;
    parent?: string;
    dependsOn: string[];
    /** What the last update did to it. */
    last: "created" | "updated" | "replaced" | "same" | "deleted" | "failed";
    /** Inputs that the last update changed. */
    changed: string[];
    settings?: SettingState[];
    roles?: { principal: string; role: string; scope: string }[];
}

/** The resources of the stack that runs here. */
export interface DeploymentState {
    stack: string;
    project: string;
    /** Milliseconds since the Unix epoch. */
    updated: number;
    resources: DeployedResource[];
}

/** Tells the inspector about the deployment. The emulator itself does not know how resources are declared. */
export interface DeploymentSource {
    read(): DeploymentState | undefined;
    /** Value of a secret setting; undefined when there is none. */
    secret(place: { resource: string; setting: string }): string | undefined;
}
