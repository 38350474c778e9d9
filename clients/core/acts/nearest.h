#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clients {

/// The names that somebody may have meant who typed what is none of them: the same without marks
/// and capitals, or a few letters off; the nearest first, at most `count`, each once.
///
/// Cost: one comparison of letters for each name.
std::vector<std::string> nearest(std::string_view typed, std::span<const std::string> names,
                                 std::size_t count);

/// " Có phải “Bản Hồng Líu”?" for a message; empty when nothing is near.
std::string did_you_mean_vi(std::string_view typed, std::span<const std::string> names);

}  // namespace clients
