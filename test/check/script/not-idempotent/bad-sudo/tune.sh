sudo echo 1 > /etc/app/tune
