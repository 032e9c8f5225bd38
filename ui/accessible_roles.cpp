#include "ui/accessible_roles.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QHash>
#include <QWidget>

namespace likeness {

namespace {

QAccessibleInterface* makeInterface(const QString& class_name, QObject* object) {
    static const QHash<QString, QAccessible::Role> kRoles = {
        {QStringLiteral("QKeySequenceEdit"), QAccessible::HotkeyField},
        {QStringLiteral("likeness::ActiveRow"), QAccessible::Grouping},
        {QStringLiteral("likeness::BlockWeights"), QAccessible::Slider},
        {QStringLiteral("likeness::CompareView"), QAccessible::Graphic},
        {QStringLiteral("likeness::CropView"), QAccessible::Graphic},
        {QStringLiteral("likeness::ImageTile"), QAccessible::Graphic},
        {QStringLiteral("likeness::InfluenceView"), QAccessible::Graphic},
        {QStringLiteral("likeness::LoraCard"), QAccessible::Grouping},
        {QStringLiteral("likeness::LossPlot"), QAccessible::Chart},
        {QStringLiteral("likeness::MaskEditor"), QAccessible::Canvas},
        {QStringLiteral("likeness::MethodCards"), QAccessible::Grouping},
        {QStringLiteral("likeness::MethodChoice"), QAccessible::Grouping},
        {QStringLiteral("likeness::PictureView"), QAccessible::Graphic},
        {QStringLiteral("likeness::ProgressStrip"), QAccessible::ProgressBar},
        {QStringLiteral("likeness::RangeSlider"), QAccessible::Slider},
        {QStringLiteral("likeness::ReferenceCardView"), QAccessible::Grouping},
        {QStringLiteral("likeness::RungStrip"), QAccessible::List},
        {QStringLiteral("likeness::SampleGrid"), QAccessible::List},
        {QStringLiteral("likeness::SegmentedControl"), QAccessible::Grouping},
        {QStringLiteral("likeness::TradeOffPlot"), QAccessible::Chart},
        {QStringLiteral("likeness::TrainingStrip"), QAccessible::ProgressBar},
        {QStringLiteral("likeness::WordCard"), QAccessible::Grouping},
    };
    auto* widget = qobject_cast<QWidget*>(object);
    const auto role = kRoles.find(class_name);
    return widget && role != kRoles.end() ? new QAccessibleWidget(widget, *role) : nullptr;
}

} // namespace

void installAccessibleRoles() {
    QAccessible::installFactory(makeInterface); // the same one counts once
}

} // namespace likeness
