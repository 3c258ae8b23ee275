import type { Recorded } from "../../local/engine/recorder";
import { isAsset, isObject, type Value } from "../../local/engine/values";

/**
 * Writes the same program without components: the same resources with the same types, names and inputs. Each class is
 * imported from its own file, and an input that depends on another resource waits for that resource. Every asset is `file`.
 */
export function writeByHand({ recorded, file }: { recorded: readonly Recorded[]; file: string }): string {
    const custom = recorded.filter((one) => one.custom);
    const variables = new Map(custom.map(({ urn }, index) => [urn, `resource${index}`]));
    const lines = custom.map((one) => {
        const variable = variables.get(one.urn);
        const waitsFor = (urns: readonly string[]): string[] => urns.flatMap((urn) => variables.get(urn) ?? []);
        const inputs = Object.entries(one.inputs).map(([key, value]) => {
            const needed = waitsFor(one.propertyDependencies[key] ?? []);
            return `${JSON.stringify(key)}: ${writeInput({ value, needed, file, secret: one.secretInputs.includes(key) })}`;
        });
        const known = Object.values(one.propertyDependencies).flat();
        const others = waitsFor(one.dependencies.filter((urn) => !known.includes(urn)));
        const options = others.length === 0 ? "" : `, { dependsOn: [${others.join(", ")}] }`;
        return `const ${variable} = new ${classOf(one.type)}(${JSON.stringify(one.name)}, { ${inputs.join(", ")} }${options});`;
    });
    const imports = [...new Set(custom.map(({ type }) => importOf(type)))].sort();
    return ['import * as pulumi from "@pulumi/pulumi";', ...imports, "", ...lines, ""].join("\n");
}

function writeInput(options: { value: Value; needed: readonly string[]; file: string; secret: boolean }): string {
    const literal = writeValue(options.value, options.file);
    const waiting =
        options.needed.length === 0
            ? literal
            : `pulumi.all([${options.needed.map((variable) => `${variable}.id`).join(", ")}]).apply(() => (${literal}))`;
    return options.secret ? `pulumi.secret(${waiting})` : waiting;
}

function writeValue(value: Value, file: string): string {
    if (isAsset(value)) {
        return `new pulumi.asset.FileAsset(${JSON.stringify(file)})`;
    }
    if (Array.isArray(value)) {
        return `[${value.map((item) => writeValue(item, file)).join(", ")}]`;
    }
    if (isObject(value)) {
        return `{ ${Object.entries(value)
            .map(([key, item]) => `${JSON.stringify(key)}: ${writeValue(item, file)}`)
            .join(", ")} }`;
    }
    return JSON.stringify(value);
}

/** The parts of a type such as `azure-native:web:WebApp` or `random:index/randomString:RandomString`. */
function partsOf(type: string): { provider: string; module: string; name: string } {
    const [provider = "", path = "", name = ""] = type.split(":");
    const [module = ""] = path.split("/");
    return { provider, module, name };
}

const classOf = (type: string): string => {
    const { module, name } = partsOf(type);
    return `${module}_${name}`;
};

function importOf(type: string): string {
    const { provider, module, name } = partsOf(type);
    const folder = module === "index" ? "" : `${module}/`;
    const file = name.charAt(0).toLowerCase() + name.slice(1);
    return `import { ${name} as ${classOf(type)} } from "@pulumi/${provider}/${folder}${file}";`;
}
