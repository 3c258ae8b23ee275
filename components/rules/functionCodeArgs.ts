import type * as pulumi from "@pulumi/pulumi";
import { FunctionRuntime, isFunctionRuntime } from "../functionApp/hosting";
import { checkPackage } from "../functionCode/check";
import type { PackageFile } from "../functionCode/files";
import { type Checks, oneOf } from "../shared/checks";
import { nameRule } from "../shared/names";
import { RealtimeExtension, serviceKinds } from "../shared/serviceKinds";
import { tagsRule } from "../shared/tags";

/** The part of the args that the rules are about. */
export interface CodeArgs {
    codePath: string;
    runtime?: FunctionRuntime;
    extension?: RealtimeExtension;
    packageAccountName?: pulumi.Input<string>;
    tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}

/** Checks the args of function code and the folder itself; answers the args, outputs guarded, and the package's files. */
export function checkFunctionCodeArgs<A extends CodeArgs>(checks: Checks, args: A): { args: A; files: PackageFile[] } {
    const { codePath, runtime = FunctionRuntime.Node, extension } = args;
    checks.plain({ path: "runtime", value: runtime, rule: oneOf(FunctionRuntime) });
    if (extension !== undefined) {
        checks.plain({ path: "extension", value: extension, rule: oneOf(RealtimeExtension) });
    }
    const kind = extension === undefined ? undefined : serviceKinds[extension];
    const found = isFunctionRuntime(runtime) ? checkPackage({ codePath, runtime, kind }) : { files: [], faults: [] };
    for (const fault of found.faults) {
        checks.fault("codePath", fault);
    }
    return {
        args: {
            ...args,
            packageAccountName: checks.input({
                path: "packageAccountName",
                value: args.packageAccountName,
                rule: nameRule("storageAccount"),
            }),
            tags: checks.input({ path: "tags", value: args.tags, rule: tagsRule }),
        },
        files: found.files,
    };
}
