import { byId } from "./view";

/** Runs `act` with what was typed, when there is something in it, and empties the field. */
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
