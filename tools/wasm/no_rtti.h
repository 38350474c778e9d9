#pragma once

// cereal names typeid in templates that nobody instantiates; without the names of types a module is
// 3 KB smaller.

#include <typeindex>
#include <typeinfo>

#define typeid(type) (*static_cast<const std::type_info*>(nullptr))
