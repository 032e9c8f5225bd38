#pragma once

#include <QString>

#include <functional>

class QWidget;

namespace likeness {

class Application;
struct FakeScript;

// Shows one state of the studio after the other, then each of its other windows: `see` gets the
// window and the state's name. For a test function; `script` is that of the studio's runner.
void walkStudio(Application& studio, FakeScript& script,
                const std::function<void(QWidget&, const QString&)>& see);

// In a dock of which only the tab is seen.
bool isBehind(const QWidget& widget);

} // namespace likeness
