#pragma once

#include <cereal/cereal.hpp>
#include <cereal/types/common.hpp>

#include <type_traits>

namespace events {

/// True for JsonOutput, where ids are readable text instead of two numbers.
template <class Archive>
inline constexpr bool is_text_archive =
    cereal::traits::is_text_archive<std::remove_cvref_t<Archive>>::value;

}  // namespace events
