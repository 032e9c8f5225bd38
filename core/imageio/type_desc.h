#pragma once

#include "core/image/image.h"

#include <OpenImageIO/typedesc.h>

namespace likeness {

// How OpenImageIO names the type of a channel's values.
inline OIIO::TypeDesc type_desc(PixelType type) {
    switch (type) {
    case PixelType::u8:
        return OIIO::TypeDesc::UINT8;
    case PixelType::u16:
        return OIIO::TypeDesc::UINT16;
    case PixelType::f32:
        return OIIO::TypeDesc::FLOAT;
    }
    return OIIO::TypeDesc::UINT8;
}

} // namespace likeness
