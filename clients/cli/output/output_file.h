#pragma once

#include "platform/new_file.h"

#include <string>

/// Files that an officer asked for, in words for the officer.
namespace clients {

/// Looks whether a new file may have that name, before any work is done.
/// Errors:  invalid_argument, in Vietnamese: what stands in the way, and what to do.
events::Result<void> check_new_file(const std::string& path,
                                    const platform::NewFileOptions& options);
/// What to do about a file that could not be written; empty when `error` is about another one.
std::string new_file_advice(const std::string& path, const events::Error& error);
/// The same for one that could not be read.
std::string read_file_advice(const std::string& path, const events::Error& error);

}  // namespace clients
