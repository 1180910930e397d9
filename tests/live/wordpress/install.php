<?php
// Installs the site at $ADDRESS; prints an application password of its administrator, then one of a contributor.
$host = parse_url(getenv('ADDRESS'), PHP_URL_HOST) . ':' . parse_url(getenv('ADDRESS'), PHP_URL_PORT);
$_SERVER['HTTP_HOST'] = $host;
$_SERVER['REQUEST_METHOD'] = 'GET';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
define('WP_INSTALLING', true);
define('WP_SITEURL', getenv('ADDRESS'));
define('WP_HOME', getenv('ADDRESS'));
require getenv('SITE') . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
add_filter('pre_wp_mail', '__return_true');
wp_install('Le café des Tilleuls', 'admin', 'admin@example.test', true, '', 'admin-pass');
update_option('siteurl', getenv('ADDRESS'));
update_option('home', getenv('ADDRESS'));
update_option('permalink_structure', '/%postname%/');
update_option('comment_moderation', 1);
flush_rewrite_rules();
$writer = wp_create_user('zoe', 'zoe-pass', 'zoe@example.test');
(new WP_User($writer))->set_role('contributor');
foreach ([1, $writer] as $id) {
    [$password] = WP_Application_Passwords::create_new_application_password($id, ['name' => 'palabre']);
    echo "$password\n";
}
