"""A keyboard with which all of a page can be worked, with scripts and without."""

from tests.journeys.test_thread import tab_to


class Keyboard:
    """Goes on by Tab and arrows, types, and presses; touches nothing by mouse."""

    def __init__(self, page):
        self.page = page

    def reach(self, selector):
        """Go on with Tab until something that fits has the focus."""
        tab_to(self.page, f"e.matches({selector!r})")

    def choose(self, name, value):
        """Choose one of some radio buttons or of a list, with the arrows."""
        self.reach(f"[name={name}]")
        for _each in range(40):
            if self._chosen(name) == value:
                return
            here = self.page.evaluate("document.activeElement.type === 'radio' && document.activeElement.value")
            self.page.keyboard.press("Space" if here == value else "ArrowDown")
        raise AssertionError(f"{name} cannot be {value}")

    def _chosen(self, name):
        return self.page.evaluate("""name => {
            const chosen = document.querySelector(`main [name=${name}]:checked`);
            return chosen ? chosen.value : document.querySelector(`main select[name=${name}]`)?.value;
        }""", name)

    def tick(self, selector):
        """Tick a box."""
        self.reach(selector)
        self.page.keyboard.press("Space")

    def write(self, name, text):
        """Write into a field, in place of what it holds."""
        self.reach(f"[name={name}]")
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def press(self, selector):
        """Press a button, or follow a link, and wait for the page that answers."""
        self.reach(selector)
        self.enter()

    def enter(self, key="Enter"):
        """Press what has the focus, or a key of the page, and wait for the page that answers."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
