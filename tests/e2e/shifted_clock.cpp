#include "tests/e2e/shifted_clock.h"

#include "events/check.h"

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <utility>

namespace e2e {
namespace {

constexpr const char* file_variable = "KHUYENHOC_CLOCK_SHIFT";

}  // namespace

ShiftedClock::ShiftedClock(std::filesystem::path file) : file_(std::move(file)) {
  std::ofstream(file_, std::ios::binary).write("\0\0\0\0\0\0\0\0", sizeof(std::int64_t));
}

void ShiftedClock::set(std::chrono::milliseconds shift) const {
  const std::int64_t milliseconds = shift.count();
  // In place: running programs have mapped the file.
  std::fstream file(file_, std::ios::binary | std::ios::in | std::ios::out);
  file.write(reinterpret_cast<const char*>(&milliseconds), sizeof milliseconds);
  CHECK(file.flush().good(), "the shift is written");
}

ShiftedClock::Worn::Worn(const ShiftedClock& clock) {
  ::setenv(file_variable, clock.file_.c_str(), 1);
  ::setenv("LD_PRELOAD", KHUYENHOC_SHIFTED_CLOCK, 1);
}

ShiftedClock::Worn::~Worn() {
  ::unsetenv("LD_PRELOAD");
  ::unsetenv(file_variable);
}

}  // namespace e2e
