#pragma once

#include "tests/e2e/child_process.h"

#include <boost/json/value.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace e2e {

/// One device's home, used through the program `khuyenhoc` as people use it.
class CommandLine {
 public:
  /// `program`: khuyenhoc, or the same of another build.
  explicit CommandLine(std::filesystem::path home, std::string program = "khuyenhoc")
      : home_(std::move(home)), program_(std::move(program)) {}

  const std::filesystem::path& home() const { return home_; }
  /// A code behind --code or --founding-code is put into a file first, as the program wants it.
  Finished run(std::vector<std::string> arguments) const;
  /// Runs with --json and expects success; null after a failed expectation.
  boost::json::value json(std::vector<std::string> arguments) const;
  /// The id of the first event that the command recorded; empty after a failed expectation.
  std::string record(std::vector<std::string> arguments) const;

 private:
  std::filesystem::path home_;
  std::string program_;
};

/// The first line of `text` that is an error as the program prints it: a Vietnamese sentence and
/// the English code in brackets.
bool is_error_with_code(const std::string& text, const std::string& code);

}  // namespace e2e
