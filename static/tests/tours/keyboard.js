/** Press keys, one after the other; the test sends them from outside the page. */
export function press(...keys) {
    window.followupPressKeys(JSON.stringify(keys));
}

/** Go on with the tab key until the focus is on what `selector` says. */
export async function reach(selector) {
    for (let presses = 0; presses < 60; presses++) {
        if (document.activeElement.matches(selector)) {
            return;
        }
        press("Tab");
        await new Promise((resolve) => setTimeout(resolve, 60));
    }
    throw new Error(`No key leads to ${selector}: ${document.activeElement.outerHTML}`);
}
