import { byId } from "./view";

/** On submit, empties the field and calls `act` with its text, unless the text is blank. */
export function onSubmit(form: string, { field, act }: { field: string; act: (text: string) => void }): void {
    byId(form).addEventListener("submit", (event) => {
        event.preventDefault();
        const input = byId<HTMLInputElement>(field);
        const text = input.value.trim();
        input.value = "";
        if (text !== "") {
            act(text);
        }
    });
}
