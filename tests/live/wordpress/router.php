<?php
// Files as they are, folders by their index, everything else by WordPress.
$path = $_SERVER['DOCUMENT_ROOT'] . parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if (is_file($path)) {
    return false;
}
if (is_dir($path) && is_file($path . '/index.php') && rtrim($path, '/') !== $_SERVER['DOCUMENT_ROOT']) {
    require $path . '/index.php';
    return true;
}
require $_SERVER['DOCUMENT_ROOT'] . '/index.php';
