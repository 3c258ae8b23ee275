// Adds to the analyzed schema what Pulumi's analyzer cannot see in the types: whole numbers and types' descriptions.
// Outputs are not marked as secret: the SDKs of C# and Java would then set an option that components do not have, and not compile
// (https://github.com/pulumi/pulumi/issues/11545). The plugin marks the values themselves, in every language.
import { readFileSync } from "node:fs";
import ts from "typescript";
import type { PackageSchema, SchemaType } from "../packageSchema";

/** The same schema, complete. `files` are the sources with the types' doc comments. */
export function finishSchema<T extends PackageSchema>(options: { schema: T; files: string[] }): T {
    const schema = structuredClone(options.schema);
    for (const { inputProperties = {}, properties = {} } of Object.values(schema.resources)) {
        markIntegers(inputProperties);
        markIntegers(properties);
    }
    const comments = docComments(options.files);
    for (const [token, definition] of Object.entries(schema.types)) {
        markIntegers(definition.properties ?? {});
        definition.description ??= comments.get(token.split(":").at(-1) ?? "");
    }
    return schema;
}

/** TypeScript has one type for all numbers. Every number here is a whole one, and other languages get an integer for it. */
function markIntegers(properties: Record<string, SchemaType>): void {
    for (const type of Object.values(properties)) {
        if (type.type === "number") {
            type.type = "integer";
        }
    }
}

/** Doc comments of interfaces and of the constants that hold an enum's values. The analyzer reads neither when it imports them. */
function docComments(files: string[]): Map<string, string> {
    const found = new Map<string, string>();
    for (const file of files) {
        const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
        for (const statement of source.statements) {
            const name = ts.isInterfaceDeclaration(statement)
                ? statement.name.text
                : ts.isVariableStatement(statement)
                  ? statement.declarationList.declarations[0]?.name.getText()
                  : undefined;
            const text = ts
                .getJSDocCommentsAndTags(statement)
                .map(({ comment }) => ts.getTextOfJSDocComment(comment))
                .find((words) => words !== undefined);
            if (name !== undefined && text !== undefined) {
                found.set(name, text);
            }
        }
    }
    return found;
}
