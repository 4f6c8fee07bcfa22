// The description of the API, OpenAPI 3.1; tests hold real answers against it.
#pragma once

#include <string>
#include <string_view>

namespace reckoner::http::api {

// JSON. Put together once.
const std::string& openapi_text();

// Its parts: objects, as JSON.
extern const std::string_view kOpenapiPaths;       // openapi_paths.cpp
extern const std::string_view kOpenapiComponents;  // openapi_components.cpp
extern const std::string_view kOpenapiSchemas;     // openapi_schemas.cpp

}  // namespace reckoner::http::api
