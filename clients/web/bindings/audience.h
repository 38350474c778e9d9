#pragma once

#include <type_traits>

namespace clients::web {

/// For whom the module is: whoever only reads the board and histories loads one without acts.  The
/// calls are one table; a call that a module lacks is a null pointer in it.
#ifdef KHUYENHOC_READERS_MODULE
inline constexpr bool has_acts = false;
#else
inline constexpr bool has_acts = true;
#endif

/// `function`, in a module for those who record something.
template <auto function>
inline constexpr std::remove_const_t<decltype(function)> to_record = has_acts ? function : nullptr;

}  // namespace clients::web
