#pragma once

namespace likeness {

class MainWindow;
class Session;

// Fills the window's menus; every action has a shortcut or a place in a menu.
void fillMenus(MainWindow& window, Session& session);

} // namespace likeness
