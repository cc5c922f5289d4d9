#pragma once

namespace keytide::cli {
inline constexpr auto version = KEYTIDE_VERSION;
}
